namespace KafkaCaching.Jobs.Tables;

/// <summary>The value of a record of one of this package's topics, as bytes.</summary>
internal sealed record TableValue(byte[] Bytes);
