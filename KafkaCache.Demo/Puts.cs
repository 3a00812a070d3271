namespace KafkaCaching.Demo;

/// <summary>The response to a write: the position of the record. A client can send it to another service in the header
/// KafkaCache-Position.</summary>
internal sealed record PutAnswer(int Partition, long Offset)
{
    public static PutAnswer Of(PutResult put) => new PutAnswer(put.Partition, put.Offset);
}

/// <summary>The parameter <c>?wait=</c> of a write. With <c>applied</c>, the write is answered when the record can be read here; otherwise
/// it is answered when the brokers have the record.</summary>
internal sealed record Wait(PutWait For)
{
    public static bool TryParse(string? text, out Wait wait)
    {
        wait = new Wait(text is "applied" ? PutWait.Applied : PutWait.Acknowledged);
        return text is "applied" or "acknowledged";
    }
}
