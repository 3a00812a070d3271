namespace KafkaCaching.Generations;

/// <summary>Totals of all the replays of a cache since it was created.</summary>
internal readonly record struct ReplayTotals(long Records, long Bytes, long Rebuilds, long ConsumerRecreations, long ClientsLeftBehind = 0);
