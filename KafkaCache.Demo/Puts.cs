namespace KafkaCaching.Demo;

/// <summary>What a write answers: where the record is. The header KafkaCache-Position says the same to a next service.</summary>
internal sealed record PutAnswer(int Partition, long Offset)
{
    public static PutAnswer Of(PutResult put) => new PutAnswer(put.Partition, put.Offset);
}

/// <summary>The parameter <c>?wait=</c> of a write: with <c>applied</c> the answer comes when it can be read here, else when the brokers
/// have it.</summary>
internal sealed record Wait(PutWait For)
{
    public static bool TryParse(string? text, out Wait wait)
    {
        wait = new Wait(text is "applied" ? PutWait.Applied : PutWait.Acknowledged);
        return text is "applied" or "acknowledged";
    }
}
