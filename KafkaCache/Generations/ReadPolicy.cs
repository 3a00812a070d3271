namespace KafkaCaching.Generations;

/// <summary>When reads are answered besides when all is well.</summary>
internal readonly record struct ReadPolicy(bool BeforeReady, bool WhenStale, bool WhenFaulted);
