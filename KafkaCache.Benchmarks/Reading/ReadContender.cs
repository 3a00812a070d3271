namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Reads every key of a slice in a loop of its own. Returns how many were found.</summary>
internal delegate int SliceReader(ReadOnlySpan<string> keys);

/// <summary>One way to read. <paramref name="Open"/> makes a reader for one thread.</summary>
internal sealed record ReadContender(string Name, Func<SliceReader> Open);
