"""The door for a browser: a thin Flask application; every rule it needs is a flow."""
