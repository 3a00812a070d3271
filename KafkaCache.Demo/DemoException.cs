namespace KafkaCaching.Demo;

/// <summary>Why the demo can't run, in one line for the person who started it.</summary>
internal sealed class DemoException(string message, int exitCode = DemoException.CannotRun) : Exception(message)
{
    public const int CannotRun = 1;
    public const int BadArguments = 2;

    public int ExitCode { get; } = exitCode;
}
