using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Records all output of a cache: log lines of every level with their values and exceptions, labels of metrics, activities, and
/// texts that a test adds.</summary>
internal sealed class EverythingSaid : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(string Where, string What)> _said = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public EverythingSaid()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("KafkaCache", StringComparison.Ordinal))
                return;
            Hear("instrument", $"{instrument.Name} {instrument.Description} {instrument.Unit}");
            listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => HearTags("metric", tags));
        _meters.SetMeasurementEventCallback<double>((_, _, tags, _) => HearTags("metric", tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("KafkaCach", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Hear(
                "activity",
                $"{activity.DisplayName} {activity.StatusDescription} {string.Join(' ', activity.TagObjects)} "
                + $"{string.Join(' ', activity.Events.SelectMany(static e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyCollection<(string Where, string What)> All => _said;

    public IEnumerable<string> LogLines =>
        _said.Where(static said => said.Where.StartsWith("log", StringComparison.Ordinal)).Select(static said => said.What);

    public void Hear(string where, string? what) => _said.Enqueue((where, what ?? ""));

    public void Hear(CacheStatus status)
    {
        Hear("status", status.ToString());
        Hear("status reason", status.Reason);
        Hear("status fault", status.Fault?.ToString());
        foreach (var partition in status.Partitions)
            Hear("status partition", partition.ToString());
        _meters.RecordObservableInstruments();
    }

    /// <summary>Runs code that may throw, and records the exception with its inner exceptions.</summary>
    public async Task<Exception?> HearAsync(string what, Func<Task> act)
    {
        var thrown = await Record.ExceptionAsync(act);
        Hear($"exception of {what}", thrown?.ToString());
        return thrown;
    }

    public ILogger CreateLogger(string categoryName)
    {
        Hear("log category", categoryName);
        return this;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Hear("log scope", state.ToString());
        return null;
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Hear("log line", formatter(state, exception));
        Hear("log exception", exception?.ToString());
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var value in values)
                Hear("log value", $"{value.Key}={value.Value}");
        }
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void HearTags(string where, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
            Hear(where, $"{tag.Key}={tag.Value}");
    }
}
