using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Keeps the log lines in a list.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, int Id, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int Id, string Text)> Lines => [.. _lines];

    /// <summary>Called with the event ID of each line, on the thread that logs it.</summary>
    public Action<int>? OnLine { get; set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
        OnLine?.Invoke(eventId.Id);
    }
}
