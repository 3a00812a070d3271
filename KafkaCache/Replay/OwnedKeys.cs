using KafkaCaching.Store;

namespace KafkaCaching.Replay;

/// <summary>The entry keys that the last record of a record key yielded.</summary>
internal sealed record OwnedKeys(byte[] RecordKey, byte[][] Keys, EntryMetadata Metadata);
