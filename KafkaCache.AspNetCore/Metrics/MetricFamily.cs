namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>All samples of one exposed name, at the moment of a scrape. The unit is the one that the name ends in, or empty.</summary>
internal sealed record MetricFamily(string Name, string Type, string Unit, string Help, IReadOnlyCollection<MetricSample> Samples);

/// <summary>One line of a scrape. The labels are rendered already: they are what tells series apart.</summary>
internal readonly record struct MetricSample(string Suffix, string Labels, double Value);
