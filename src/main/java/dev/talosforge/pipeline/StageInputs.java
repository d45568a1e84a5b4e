package dev.talosforge.pipeline;

/** What a stage is given, checked and with its defaults. */
sealed interface StageInputs permits ExtensionInputs, ImagesInputs, UploadInputs {}
