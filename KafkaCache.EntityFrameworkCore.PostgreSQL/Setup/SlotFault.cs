namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>Why reading can't continue from a slot.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Exists">Whether there is a slot, which must be dropped.</param>
internal sealed record SlotFault(string Why, bool Exists);
