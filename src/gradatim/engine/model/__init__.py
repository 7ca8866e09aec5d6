"""The data models: what a credential, an achievement, a profile and a status list have to look like."""
