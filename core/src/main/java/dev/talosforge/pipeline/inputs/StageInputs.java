package dev.talosforge.pipeline.inputs;

/** The inputs of a stage, checked and with their defaults. */
public sealed interface StageInputs permits ExtensionInputs, ImagesInputs, UploadInputs {}
