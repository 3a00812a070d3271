namespace KafkaCaching.Puts;

/// <summary>Why a put was refused for what it would write: to put the same again is no use.</summary>
internal enum PutRefusal
{
    Validation,
    Size,
}
