using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>The key of a flight. Callers with equal keys share a flight.</summary>
internal readonly record struct FlightKey(string Key, Type Type, HybridCacheEntryFlags Flags);
