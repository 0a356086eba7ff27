"""Who runs a trainer: a thread of the app. Screens poll a runner; a runner never calls a screen."""
