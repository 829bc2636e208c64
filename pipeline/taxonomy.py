"""ACLED's event types, declared once (ACLED codebook, event types)."""

VIOLENCE = "Political violence"
DEMONSTRATIONS = "Demonstrations"
STRATEGIC = "Strategic developments"
AGAINST_CIVILIANS = "Violence against civilians"

# sub_event_type: (event_type, disorder_type)
SUB_EVENT_TYPES: dict[str, tuple[str, str]] = {
    "Government regains territory": ("Battles", VIOLENCE),
    "Non-state actor overtakes territory": ("Battles", VIOLENCE),
    "Armed clash": ("Battles", VIOLENCE),
    "Chemical weapon": ("Explosions/Remote violence", VIOLENCE),
    "Air/drone strike": ("Explosions/Remote violence", VIOLENCE),
    "Suicide bomb": ("Explosions/Remote violence", VIOLENCE),
    "Shelling/artillery/missile attack": ("Explosions/Remote violence", VIOLENCE),
    "Remote explosive/landmine/IED": ("Explosions/Remote violence", VIOLENCE),
    "Grenade": ("Explosions/Remote violence", VIOLENCE),
    "Sexual violence": (AGAINST_CIVILIANS, VIOLENCE),
    "Attack": (AGAINST_CIVILIANS, VIOLENCE),
    "Abduction/forced disappearance": (AGAINST_CIVILIANS, VIOLENCE),
    "Excessive force against protesters": ("Protests", f"{VIOLENCE}; {DEMONSTRATIONS}"),
    "Protest with intervention": ("Protests", DEMONSTRATIONS),
    "Peaceful protest": ("Protests", DEMONSTRATIONS),
    "Violent demonstration": ("Riots", DEMONSTRATIONS),
    "Mob violence": ("Riots", VIOLENCE),
    "Disrupted weapons use": (STRATEGIC, STRATEGIC),
    "Agreement": (STRATEGIC, STRATEGIC),
    "Arrests": (STRATEGIC, STRATEGIC),
    "Change to group/activity": (STRATEGIC, STRATEGIC),
    "Headquarters or base established": (STRATEGIC, STRATEGIC),
    "Looting/property destruction": (STRATEGIC, STRATEGIC),
    "Non-violent transfer of territory": (STRATEGIC, STRATEGIC),
    "Other": (STRATEGIC, STRATEGIC),
}
