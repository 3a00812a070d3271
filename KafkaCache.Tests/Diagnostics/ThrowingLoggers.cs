using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Loggers that throw on the events that a test names.</summary>
internal sealed class ThrowingLoggers(Func<int, bool> throwsOn) : ILoggerFactory, ILogger
{
    private int _thrown;

    public int Thrown => Volatile.Read(ref _thrown);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!throwsOn(eventId.Id))
            return;
        Interlocked.Increment(ref _thrown);
        throw new InvalidOperationException("broken logger");
    }

    public void Dispose()
    {
    }
}
