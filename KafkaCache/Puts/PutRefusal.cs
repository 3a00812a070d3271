namespace KafkaCaching;

/// <summary>Why a put was refused because of what it would write. Repeating the same put does not help.</summary>
public enum PutRefusal
{
    /// <summary>The option <c>ValidatePut</c> refused the put or threw.</summary>
    Validation,

    /// <summary>The record exceeds a size limit. The message says which.</summary>
    Size,
}
