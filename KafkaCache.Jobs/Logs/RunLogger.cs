using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Logs;

/// <summary>Writes the lines of one run to the topic of the logs and to the application's log. It does not block: lines are written in the
/// background, and <see cref="FlushAsync"/> waits for them.</summary>
internal sealed class RunLogger(
    string job, string run, IKafkaCache<string, JobLogLine> logs, ILogger application, TimeProvider time, Action<Exception> lost) : ILogger
{
    private const int MaxTextLength = 100_000;

    private readonly ConcurrentDictionary<long, Task> _pending = new();
    private long _number;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => application.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;
        application.Log(logLevel, eventId, state, exception, formatter);
        var line = new JobLogLine(
            job, run, Environment.MachineName, logLevel, time.GetUtcNow(), Cut(formatter(state, exception))!, Cut(exception?.ToString()));
        var number = Interlocked.Increment(ref _number);
        _pending[number] = PutAsync(number, line);
        if (_pending.TryGetValue(number, out var put) && put.IsCompleted)
            _pending.TryRemove(number, out _);
    }

    /// <summary>Waits until every line is written or counted as lost.</summary>
    public Task FlushAsync() => Task.WhenAll(_pending.Values);

    private async Task PutAsync(long number, JobLogLine line)
    {
        try
        {
            await logs.PutAsync(LogKeys.Line(job, run, number), line).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is PutException or ObjectDisposedException or OperationCanceledException)
        {
            lost(failed);
        }
        finally
        {
            _pending.TryRemove(number, out _);
        }
    }

    private static string? Cut(string? text) => text?.Length > MaxTextLength ? text[..MaxTextLength] : text;
}
