namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Reads every key of a slice in a loop of its own. Returns how many were found.</summary>
internal delegate int SliceReader(ReadOnlySpan<string> keys);

/// <summary>One way to read, its entries laid out. <paramref name="Open"/> makes a reader for one thread; <paramref name="Applied"/> tells
/// how many records of a tail have come.</summary>
internal sealed record ReadContender(Func<SliceReader> Open, Func<long> Applied);
