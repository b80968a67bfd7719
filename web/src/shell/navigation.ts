import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { LinkProps } from "@tanstack/react-router";
import {
  BookOpenText,
  Bot,
  BrickWallShield,
  Building2,
  ClipboardCheck,
  ClipboardList,
  FileSearch,
  FlaskConical,
  House,
  Layers,
  LifeBuoy,
  KeyRound,
  LockKeyhole,
  type LucideIcon,
  Microscope,
  Milk,
  MonitorCheck,
  PackageCheck,
  PackagePlus,
  PenLine,
  Refrigerator,
  Ruler,
  ScrollText,
  Settings,
  ShieldCheck,
  ShieldEllipsis,
  Siren,
  TestTubes,
  UserRound,
  UserRoundCheck,
  UsersRound,
  Webhook,
} from "lucide-react";
import type { LaboratoryKind } from "@/api/types";

export interface Destination {
  to: NonNullable<LinkProps["to"]>;
  label: MessageDescriptor;
  /** In a medical laboratory, where the word differs. */
  medicalLabel?: MessageDescriptor;
  icon: LucideIcon;
  /** Shown to whoever holds it; the page itself says "forbidden" to others who come by address. */
  permission: string | readonly string[] | null;
  kind?: LaboratoryKind;
  /** Not for the platform's people, who have no laboratory. */
  inside?: boolean;
  /** Second key after G. */
  key?: string;
  exact?: boolean;
}

/**
 * The side navigation, the command palette and the G-shortcuts all read this list. A page is added here when its
 * route exists; nothing leads nowhere.
 */
export const sections: readonly { id: string; label: MessageDescriptor; items: readonly Destination[] }[] = [
  {
    id: "platform",
    label: msg`Platform`,
    items: [
      {
        to: "/platform/laboratories",
        label: msg`Laboratories`,
        icon: Building2,
        permission: "platform:read",
        key: "l",
      },
      { to: "/platform/support", label: msg`Support access`, icon: LifeBuoy, permission: "platform:read" },
    ],
  },
  {
    id: "work",
    label: msg`Work`,
    items: [
      { to: "/", label: msg`Home`, icon: House, permission: null, key: "h", exact: true, inside: true },
      {
        to: "/samples",
        label: msg`Samples`,
        medicalLabel: msg`Specimens`,
        icon: TestTubes,
        permission: "sample:read",
        key: "s",
        exact: true,
      },
      { to: "/orders", label: msg`Orders`, icon: ClipboardList, permission: "order:read", key: "b" },
      { to: "/samples/register", label: msg`Register`, icon: PackagePlus, permission: "sample:register", key: "n" },
      { to: "/samples/receive", label: msg`Receive`, icon: PackageCheck, permission: "sample:receive", key: "r" },
      { to: "/results", label: msg`Enter results`, icon: PenLine, permission: "result:enter", key: "e", exact: true },
      { to: "/verification", label: msg`Verify results`, icon: ShieldCheck, permission: "result:verify", key: "v" },
      { to: "/results/critical", label: msg`Critical values`, icon: Siren, permission: "critical:notify", key: "k" },
      { to: "/reports", label: msg`Reports`, icon: ScrollText, permission: "report:read", key: "o" },
    ],
  },
  {
    id: "people",
    label: msg`Who it is for`,
    items: [
      { to: "/patients", label: msg`Patients`, icon: UserRound, permission: "patient:read", key: "p", kind: "medical" },
      { to: "/clients", label: msg`Clients`, icon: Building2, permission: "client:read", key: "c" },
    ],
  },
  {
    id: "catalogue",
    label: msg`Catalogue`,
    items: [
      { to: "/catalogue/tests", label: msg`Tests`, icon: FlaskConical, permission: "catalog:read", key: "t" },
      { to: "/catalogue/panels", label: msg`Panels`, icon: Layers, permission: "catalog:read" },
      {
        to: "/catalogue/sample-types",
        label: msg`Sample types`,
        medicalLabel: msg`Specimen types`,
        icon: BookOpenText,
        permission: "catalog:read",
      },
      {
        to: "/catalogue/specifications",
        label: msg`Specifications`,
        medicalLabel: msg`Reference ranges`,
        icon: Ruler,
        permission: "catalog:read",
      },
      { to: "/catalogue/instruments", label: msg`Instruments`, icon: Microscope, permission: "catalog:read" },
      { to: "/catalogue/containers", label: msg`Containers`, icon: Milk, permission: "catalog:read" },
      { to: "/catalogue/locations", label: msg`Storage locations`, icon: Refrigerator, permission: "catalog:read" },
    ],
  },
  {
    id: "laboratory",
    label: msg`Laboratory`,
    items: [
      { to: "/audit", label: msg`Audit trail`, icon: FileSearch, permission: "audit:read", key: "a" },
      {
        to: "/two-person-requests",
        label: msg`Second person`,
        icon: UserRoundCheck,
        permission: ["patient:merge", "sample:relink", "patient:erase", "ledger:rotate_key"],
      },
      { to: "/users", label: msg`Users`, icon: UsersRound, permission: "user:read", key: "u" },
      { to: "/sessions", label: msg`Signed in now`, icon: MonitorCheck, permission: "user:manage" },
      { to: "/roles", label: msg`Roles`, icon: ShieldEllipsis, permission: "user:read" },
      { to: "/access-reviews", label: msg`Access reviews`, icon: ClipboardCheck, permission: "user:read" },
      { to: "/service-accounts", label: msg`Service accounts`, icon: Bot, permission: "service_account:manage" },
      { to: "/webhooks", label: msg`Webhooks`, icon: Webhook, permission: "webhook:manage" },
      { to: "/support-access", label: msg`Support access`, icon: LifeBuoy, permission: "user:read" },
      { to: "/laboratory", label: msg`Settings`, icon: Settings, permission: "settings:read", exact: true },
      { to: "/laboratory/sign-on", label: msg`Single sign-on`, icon: KeyRound, permission: "settings:manage" },
      { to: "/laboratory/security", label: msg`Security`, icon: LockKeyhole, permission: "settings:read" },
      {
        to: "/laboratory/separation",
        label: msg`Data separation`,
        icon: BrickWallShield,
        permission: ["settings:manage", "audit:read"],
        inside: true,
      },
    ],
  },
];

export function visibleSections(may: (permission: string) => boolean, kind: LaboratoryKind) {
  // Nobody in a laboratory can hold it.
  const outside = may("platform:read");
  return sections
    .map((section) => ({
      ...section,
      items: section.items.filter(
        (item) =>
          opens(item.permission, may) && (item.kind === undefined || item.kind === kind) && !(outside && item.inside),
      ),
    }))
    .filter((section) => section.items.length > 0);
}

/** Without a permission everybody may; of several, one is enough. */
function opens(permission: Destination["permission"], may: (permission: string) => boolean): boolean {
  if (permission === null) return true;
  return typeof permission === "string" ? may(permission) : permission.some((each) => may(each));
}
