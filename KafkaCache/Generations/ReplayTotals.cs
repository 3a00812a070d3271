namespace KafkaCaching.Generations;

/// <summary>What a cache's replays have come to since it was created.</summary>
internal readonly record struct ReplayTotals(long Records, long Bytes, long Rebuilds, long ConsumerRecreations, long ClientsLeftBehind = 0);
