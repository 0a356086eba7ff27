"""What goes on inside a network: plain figures and arrays for the views that show it."""
