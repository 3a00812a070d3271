namespace KafkaCaching.Demo;

/// <summary>The answer to a write: the position of the record. The header KafkaCache-Position passes it on to the next service.</summary>
internal sealed record PutAnswer(int Partition, long Offset)
{
    public static PutAnswer Of(PutResult put) => new PutAnswer(put.Partition, put.Offset);
}

/// <summary>The parameter <c>?wait=</c> of a write: with <c>applied</c>, the answer comes when the record can be read here, otherwise when
/// the brokers have it.</summary>
internal sealed record Wait(PutWait For)
{
    public static bool TryParse(string? text, out Wait wait)
    {
        wait = new Wait(text is "applied" ? PutWait.Applied : PutWait.Acknowledged);
        return text is "applied" or "acknowledged";
    }
}
