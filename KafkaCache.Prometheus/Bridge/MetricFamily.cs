using System.Globalization;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>One metric of the registry, with one series for each set of tags. It receives the measurements of all instruments with its
/// name, from any thread.</summary>
internal sealed class MetricFamily
{
    private readonly Func<string[], string[], MetricSeries> _newSeries;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(TagsComparer.Instance);
    private readonly Dictionary<KeyValuePair<string, object?>[], MetricSeries>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _seriesOf;
    private bool _isRefused;

    /// <param name="name">The name in the registry.</param>
    /// <param name="type">The type in a scrape.</param>
    /// <param name="isPushed">Whether measurements arrive when they are made, and not in a poll.</param>
    /// <param name="newSeries">Creates a series from a list of label names and a list of their values.</param>
    /// <param name="logger">Receives one message if the registry refuses the metric.</param>
    public MetricFamily(string name, string type, bool isPushed, Func<string[], string[], MetricSeries> newSeries, ILogger logger)
    {
        Name = name;
        Type = type;
        IsPushed = isPushed;
        _newSeries = newSeries;
        _logger = logger;
        _seriesOf = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public string Type { get; }

    public bool IsPushed { get; }

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (!_seriesOf.TryGetValue(tags, out var series) && (series = Add(tags)) is null)
                return;
            series.Record(measurement);
            series.IsRecent = true;
        }
    }

    public void BeginPoll()
    {
        lock (_gate)
        {
            foreach (var series in _series.Values)
                series.IsRecent = false;
        }
    }

    /// <summary>Exports the series that were observed in this poll, and removes the others, because their cache or partition no longer
    /// exists. Pushed series are not observed, so they are removed when no observed series has the same cache. A pushed series that was
    /// measured since the poll began is kept, because its cache may have been created during the poll.</summary>
    /// <param name="observed">The caches that were observed. Observed families add to the set, and pushed families look caches up in
    /// it.</param>
    public void EndPoll(HashSet<CacheLabels> observed)
    {
        lock (_gate)
        {
            foreach (var (tags, series) in _series)
            {
                if (IsPushed ? series.IsRecent || observed.Contains(series.Cache) : series.IsRecent)
                {
                    series.Show();
                    if (!IsPushed)
                        observed.Add(series.Cache);
                }
                else
                {
                    series.Remove();
                    _series.Remove(tags);
                }
            }
        }
    }

    private MetricSeries? Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_isRefused)
            return null;
        var names = new string[tags.Length];
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            (names[i], values[i]) = (tags[i].Key, Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        try
        {
            var series = _newSeries(names, values);
            series.Cache = CacheLabels.Of(tags);
            _series.Add(tags.ToArray(), series);
            return series;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The application has a metric of this name with another type, or a label of the registry itself has the same name as one of
            // the library's labels.
            _isRefused = true;
            Log.MetricRefused(_logger, Name, Type, exception);
            return null;
        }
    }
}
