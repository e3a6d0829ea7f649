"""The collector killed at bad moments, and the disk's power cut: what was answered is kept, once, and everybody is told."""
