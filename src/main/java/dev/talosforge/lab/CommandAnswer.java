package dev.talosforge.lab;

/** What a command came to that ran in a machine. */
public record CommandAnswer(int status, String output) {}
