namespace KafkaCaching.EntityFrameworkCore.PostgreSQL.Setup;

/// <summary>Why a slot is nothing to go on from.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Exists">Whether there is a slot, which has to go.</param>
internal sealed record SlotFault(string Why, bool Exists);
