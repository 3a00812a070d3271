namespace KafkaCaching;

/// <summary>Why a put was refused for what it would write: to put the same again is no use.</summary>
public enum PutRefusal
{
    /// <summary>The option <c>ValidatePut</c> refused it, or threw.</summary>
    Validation,

    /// <summary>The record is over a limit on its size; the message says which.</summary>
    Size,
}
