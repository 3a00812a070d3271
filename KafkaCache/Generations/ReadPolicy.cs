namespace KafkaCaching.Generations;

/// <summary>The states, other than ready, in which reads are answered.</summary>
internal readonly record struct ReadPolicy(bool BeforeReady, bool WhenStale, bool WhenFaulted);
