"""The screens of the app, the sentences they say and the run they show."""
