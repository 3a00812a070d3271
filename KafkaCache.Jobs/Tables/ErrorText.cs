namespace KafkaCaching.Jobs.Tables;

/// <summary>The message of an exception, as it is stored in a record. It is truncated, because some sources return a whole page as the
/// message, and the brokers refuse a record that is too large.</summary>
internal static class ErrorText
{
    private const int MaxLength = 2_000;

    public static string Of(Exception failed) => failed.Message.Length > MaxLength ? failed.Message[..MaxLength] : failed.Message;
}
