namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The progress of a fetch, as the fetch reports it.</summary>
internal sealed record FetchProgress(long Done, long? Total);
