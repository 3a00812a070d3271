namespace KafkaCaching.AspNetCore;

/// <summary>All samples of one exposed name, at the moment of a scrape.</summary>
internal sealed record MetricFamily(string Name, string Type, string Help, IReadOnlyCollection<MetricSample> Samples);

/// <summary>One line of a scrape. The labels are rendered already: they are what tells series apart.</summary>
internal readonly record struct MetricSample(string Suffix, string Labels, double Value);
