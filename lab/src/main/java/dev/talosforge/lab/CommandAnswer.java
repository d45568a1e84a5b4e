package dev.talosforge.lab;

/** The result of a command that ran in a machine. */
public record CommandAnswer(int status, String output) {}
