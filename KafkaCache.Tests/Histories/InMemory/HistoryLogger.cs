using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Calls a delegate when a cache logs certain events.</summary>
internal sealed class HistoryLogger(Action faulted, Action tombstonesMissed) : ILogger
{
    // This event is logged after all waiters have been released.
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
