using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A cache that faults says so last of all, when everyone who waits has been told.</summary>
internal sealed class EndLogger(Lockstep lockstep) : ILogger
{
    private const int Faulted = 101;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == Faulted)
            lockstep.Ends();
    }
}
