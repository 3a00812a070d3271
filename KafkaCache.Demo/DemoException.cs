namespace KafkaCaching.Demo;

/// <summary>Why the demo can't run, in one line for the person who started it.</summary>
internal sealed class DemoException(string message) : Exception(message);
