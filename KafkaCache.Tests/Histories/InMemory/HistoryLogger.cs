using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Hears what a cache says of itself.</summary>
internal sealed class HistoryLogger(Action faulted, Action tombstonesMissed) : ILogger
{
    // Said last of all, when everyone who waits has been told.
    private const int Faulted = 101;
    private const int TombstonesMissed = 110;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == Faulted)
            faulted();
        if (eventId.Id == TombstonesMissed)
            tombstonesMissed();
    }
}
