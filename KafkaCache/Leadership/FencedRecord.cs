namespace KafkaCaching;

/// <summary>A record for <see cref="FencedWriter.WriteAsync"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; <see langword="null"/> for a tombstone.</param>
public readonly record struct FencedRecord(byte[] Key, byte[]? Value);
