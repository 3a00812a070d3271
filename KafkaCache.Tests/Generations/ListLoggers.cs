using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Generations;

/// <summary>Keeps what a cache logs.</summary>
internal sealed class ListLoggers : ILoggerFactory
{
    public ListLogger Logger { get; } = new();

    public ILogger CreateLogger(string categoryName) => Logger;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
