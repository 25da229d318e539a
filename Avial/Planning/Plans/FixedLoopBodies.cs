namespace Avial.Planning.Plans;

/// <summary>One body for every step of a loop.</summary>
internal sealed class FixedLoopBodies(RankBody body) : LoopBodies
{
    public override bool IsMoving => false;

    public override RankBody At(long step) => body;
}
