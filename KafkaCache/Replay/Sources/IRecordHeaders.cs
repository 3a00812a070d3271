namespace KafkaCaching.Replay.Sources;

/// <summary>The headers of a record, wherever the source keeps them.</summary>
internal interface IRecordHeaders
{
    bool TryGet(string name, out ReadOnlySpan<byte> value);
}
