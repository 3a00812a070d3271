using System.Transactions;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Enlists in an ambient transaction, to announce its commit before any of its participants prepares it.</summary>
internal sealed class AmbientAnnouncement(PendingCommit pending) : IEnlistmentNotification
{
    // This method blocks. If it called Prepared on another thread, the transaction would complete on that thread, and the code that
    // disposed of its scope could continue before the marks are written.
    public void Prepare(PreparingEnlistment preparingEnlistment)
    {
        try
        {
            Blocking.Wait(pending.AnnounceAsync);
        }
        catch (Exception refused)
        {
            preparingEnlistment.ForceRollback(refused);
            return;
        }

        preparingEnlistment.Prepared();
    }

    public void Commit(Enlistment enlistment) => enlistment.Done();

    public void Rollback(Enlistment enlistment) => enlistment.Done();

    public void InDoubt(Enlistment enlistment) => enlistment.Done();
}
