using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Counts the library's log lines by event, and keeps the latest lines for the report of a violation.</summary>
internal sealed class LibraryLog(TextWriter? file)
{
    private const int Kept = 60;

    private readonly ConcurrentQueue<string> _latest = new();
    private readonly Lock _gate = new();

    public Tally Events { get; } = new();

    /// <summary>How often each cache became ready, which happens once with each generation that it builds.</summary>
    public Tally Generations { get; } = new();

    public ILoggerFactory For(string cache) => new InstanceLog(this, cache);

    /// <summary>Writes a line of the run itself between the library's lines.</summary>
    public void Note(string text) => Write(text, isKept: true);

    private void Write(string text, bool isKept)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {text}");
        if (isKept)
            _latest.Enqueue(line);
        while (_latest.Count > Kept)
            _latest.TryDequeue(out _);
        if (file is null)
            return;
        lock (_gate)
            file.WriteLine(line);
    }

    public void WriteLatest(TextWriter output)
    {
        output.WriteLine("The latest of the library's log:");
        foreach (var line in _latest)
            output.WriteLine($"    {line}");
    }

    private sealed class InstanceLog(LibraryLog log, string cache) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) =>
            throw new NotSupportedException("The lines are counted here, and go nowhere else.");

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log.Events.Add(eventId.Name ?? eventId.Id.ToString(CultureInfo.InvariantCulture));
            if (eventId.Name == "Ready")
                log.Generations.Add(cache);
            log.Write(
                $"{cache}: {logLevel} {eventId.Name}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}",
                isKept: !(eventId.Name ?? "").StartsWith("KafkaClient", StringComparison.Ordinal));
        }

        public void Dispose()
        {
            // The factory has no resources.
        }
    }
}
