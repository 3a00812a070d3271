namespace KafkaCaching.Replay.Sources;

/// <summary>Looks up the headers of a record in the source's own representation.</summary>
internal interface IRecordHeaders
{
    bool TryGet(string name, out ReadOnlySpan<byte> value);
}
