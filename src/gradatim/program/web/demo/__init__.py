"""The demo: Northfield College, its cast, and the main job from a proposal to a credential anyone can verify."""
