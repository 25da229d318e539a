namespace Avial.Examples.Flood;

/// <summary>Exact solutions of the shallow-water equations, to check a scheme against. All are without friction.</summary>
/// <remarks>Collected with all details in O. Delestre and others, "SWASHES: a compilation of shallow water analytic solutions for hydraulic and environmental studies", Int. J. Numer. Meth. Fluids 72 (2013) 269–300.</remarks>
public static class AnalyticSolutions
{
    /// <summary>
    /// A dam at x = 0 with water <paramref name="depth"/> deep at rest behind it (x &lt; 0) and dry, flat ground before it gives way at t = 0.
    /// </summary>
    /// <remarks>A. Ritter, "Die Fortpflanzung der Wasserwellen", Z. Ver. Dtsch. Ing. 36 (1892) 947–954.</remarks>
    public static (double H, double U) Ritter(double x, double t, double depth, double gravity)
    {
        var c = Math.Sqrt(gravity * depth);
        if (x <= -c * t) return (depth, 0);
        if (x >= 2 * c * t) return (0, 0);
        return (Math.Pow(2 * c - x / t, 2) / (9 * gravity), 2.0 / 3 * (c + x / t));
    }

    /// <summary>A dam at x = 0 between water <paramref name="behind"/> deep (x &lt; 0) and shallower water <paramref name="before"/> deep gives way at t = 0.</summary>
    /// <remarks>J. J. Stoker, "Water Waves", Interscience (1957), section 10.8.</remarks>
    public static (double H, double U) Stoker(double x, double t, double behind, double before, double gravity)
    {
        var c = Math.Sqrt(gravity * behind);
        var middle = StokerMiddleDepth(behind, before, gravity);
        var (cm, um) = (Math.Sqrt(gravity * middle), 2 * (c - Math.Sqrt(gravity * middle)));
        var shock = middle * um / (middle - before);
        if (x <= -c * t) return (behind, 0);
        if (x <= (um - cm) * t) return (Math.Pow(2 * c - x / t, 2) / (9 * gravity), 2.0 / 3 * (c + x / t));
        return x < shock * t ? (middle, um) : (before, 0);
    }

    /// <summary>The depth between the rarefaction and the shock of <see cref="Stoker"/>: the velocities behind both must agree.</summary>
    public static double StokerMiddleDepth(double behind, double before, double gravity)
    {
        if (!(behind > before && before > 0)) throw new ArgumentException($"Stoker's dam holds {behind} m against {before} m; needed is behind > before > 0.", nameof(behind));
        var (low, high) = (before, behind);
        while (true)
        {
            // The difference falls as the depth rises, so halving always brackets the root; it ends when no number lies between.
            var middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) return middle;
            var rarefaction = 2 * (Math.Sqrt(gravity * behind) - Math.Sqrt(gravity * middle));
            var shock = (middle - before) * Math.Sqrt(0.5 * gravity * (middle + before) / (middle * before));
            if (rarefaction > shock) low = middle;
            else high = middle;
        }
    }

    /// <summary>The paraboloid bowl z = depth·(r²/radius² − 1) of both of Thacker's oscillations; at rest the water is a disc of this radius.</summary>
    public static double ThackerBed(double x, double y, double depth, double radius) => depth * ((x * x + y * y) / (radius * radius) - 1);

    /// <summary>The period in seconds of <see cref="ThackerPlanar"/>.</summary>
    public static double ThackerPlanarPeriod(double depth, double radius, double gravity) => 2 * Math.PI * radius / Math.Sqrt(2 * gravity * depth);

    /// <summary>A plane water surface that circles in the bowl; its centre moves on a circle of <paramref name="offset"/> metres.</summary>
    /// <remarks>W. C. Thacker, "Some exact solutions to the nonlinear shallow-water wave equations", J. Fluid Mech. 107 (1981) 499–508.</remarks>
    public static (double H, double U, double V) ThackerPlanar(double x, double y, double t, double depth, double radius, double offset, double gravity)
    {
        var omega = Math.Sqrt(2 * gravity * depth) / radius;
        var (sin, cos) = Math.SinCos(omega * t);
        var surface = offset * depth / (radius * radius) * (2 * x * cos + 2 * y * sin - offset);
        var h = surface - ThackerBed(x, y, depth, radius);
        return h > 0 ? (h, -offset * omega * sin, offset * omega * cos) : (0, 0, 0);
    }

    /// <summary>The period in seconds of <see cref="ThackerRadial"/>.</summary>
    public static double ThackerRadialPeriod(double depth, double radius, double gravity) => 2 * Math.PI * radius / Math.Sqrt(8 * gravity * depth);

    /// <summary>A paraboloid heap of water that spreads and gathers in the bowl; at t = 0 its shore is a circle of <paramref name="shore"/> metres.</summary>
    /// <remarks>Thacker (1981), as for <see cref="ThackerPlanar"/>.</remarks>
    public static (double H, double U, double V) ThackerRadial(double x, double y, double t, double depth, double radius, double shore, double gravity)
    {
        var omega = Math.Sqrt(8 * gravity * depth) / radius;
        var a = (radius * radius - shore * shore) / (radius * radius + shore * shore);
        var (sin, cos) = Math.SinCos(omega * t);
        var stretch = 1 - a * cos;
        var r2 = (x * x + y * y) / (radius * radius);
        var surface = depth * (Math.Sqrt(1 - a * a) / stretch - 1 - r2 * ((1 - a * a) / (stretch * stretch) - 1));
        var h = surface - ThackerBed(x, y, depth, radius);
        return h > 0 ? (h, 0.5 * omega * x * a * sin / stretch, 0.5 * omega * y * a * sin / stretch) : (0, 0, 0);
    }
}
