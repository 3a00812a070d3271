using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Returns the same <see cref="ListLogger"/> for all categories, and writes the log lines to the test's output when it is
/// disposed.</summary>
internal sealed class ListLoggerFactory : ILoggerFactory
{
    private const int LinesTold = 200;

    public ListLogger Logger { get; } = new();

    public ILogger CreateLogger(string categoryName) => Logger;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // The lines can still be read from the logger.
        foreach (var (level, id, text) in Logger.Lines.Where(static line => line.Level >= LogLevel.Information).TakeLast(LinesTold))
            TestContext.Current.TestOutputHelper?.WriteLine($"{level} {id}: {text}");
    }
}
