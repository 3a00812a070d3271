namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Reads every key of a slice in a loop, and returns the number of keys found.</summary>
internal delegate int SliceReader(ReadOnlySpan<string> keys);

/// <summary>One way to read. <paramref name="Open"/> creates a reader for one thread; <paramref name="Applied"/> returns the number of
/// records of a tail that have been applied.</summary>
internal sealed record ReadContender(Func<SliceReader> Open, Func<long> Applied);
