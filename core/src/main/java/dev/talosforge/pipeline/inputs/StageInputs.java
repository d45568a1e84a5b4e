package dev.talosforge.pipeline.inputs;

/** What a stage is given, checked and with its defaults. */
public sealed interface StageInputs permits ExtensionInputs, ImagesInputs, UploadInputs {}
