namespace KafkaCaching.Jobs.Refreshing;

/// <summary>How far a fetch is, by its own report.</summary>
internal sealed record FetchProgress(long Done, long? Total);
