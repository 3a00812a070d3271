using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Gives everyone the same <see cref="ListLogger"/>, and tells at the end what was logged: it is seen where the test
/// failed.</summary>
internal sealed class ListLoggerFactory : ILoggerFactory
{
    private const int LinesTold = 200;

    public ListLogger Logger { get; } = new();

    public ILogger CreateLogger(string categoryName) => Logger;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // The list stays readable.
        foreach (var (level, id, text) in Logger.Lines.Where(static line => line.Level >= LogLevel.Information).TakeLast(LinesTold))
            TestContext.Current.TestOutputHelper?.WriteLine($"{level} {id}: {text}");
    }
}
