"""The parts of a screen: form fields, charts, panels."""
